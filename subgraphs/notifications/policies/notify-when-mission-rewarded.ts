import { policy } from '@madang/kernel/domain';
import { MissionRewarded } from '@madang/missions/events';
import { notification } from './notification.ts';

export const notifyWhenMissionRewarded = policy('notify-when-mission-rewarded', MissionRewarded, (event) =>
  notification(event, 'MISSION_REWARDED', { type: 'MISSION_RECORD', id: event.data.recordId }, event.data),
);
