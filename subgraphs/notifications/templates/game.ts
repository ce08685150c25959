import { z } from 'zod';
import { amount, inPoints, template, words } from './template.ts';

const priced = z.object({ title: words, points: amount });

export const missionRewarded = template(priced, ({ title, points }) => ({
  title: '미션을 달성했습니다',
  body: `「${title}」 미션 보상으로 ${inPoints(points)}가 지급되었습니다.`,
}));

export const giftExchanged = template(priced, ({ title, points }) => ({
  title: '선물로 교환했습니다',
  body: `${inPoints(points)}를 사용하여 「${title}」 선물을 받았습니다. 지금부터 사용하실 수 있습니다.`,
}));

export const giftUsed = template(z.object({ title: words }), ({ title }) => ({
  title: '선물을 사용했습니다',
  body: `「${title}」 선물을 사용했습니다.`,
}));
