import { describe, expect, it } from 'vitest';
import { preventForgery } from './preflight.ts';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

describe('cross-site request forgery', () => {
  it.each([
    ['a form', { 'user-agent': BROWSER, 'content-type': 'application/x-www-form-urlencoded' }],
    ['a form with a file', { 'user-agent': BROWSER, 'content-type': 'multipart/form-data; boundary=x' }],
    ['fetch in no-cors mode', { 'user-agent': BROWSER, 'content-type': 'TEXT/plain;charset=UTF-8' }],
    ['a link or an image', { 'user-agent': BROWSER }],
    ['what says nothing of itself', {}],
    ['what comes from a page', { 'user-agent': 'x', origin: 'https://evil.example' }],
    ['what carries cookies', { 'user-agent': 'x', cookie: 'a=b' }],
    ['what a browser marks', { 'user-agent': 'x', 'sec-fetch-site': 'cross-site' }],
    ['an empty header', { 'user-agent': BROWSER, 'apollo-require-preflight': '' }],
  ])('refuses %s', (_, headers) => {
    expect(() => preventForgery(headers)).toThrow(/CSRF/);
  });

  it.each([
    ['JSON', { 'user-agent': BROWSER, 'content-type': 'application/json' }],
    ['a header of our own', { 'user-agent': BROWSER, 'apollo-require-preflight': 'true' }],
    ['an operation name', { 'user-agent': BROWSER, 'x-apollo-operation-name': 'A' }],
    ['what is no browser', { 'user-agent': 'curl/8.14.1' }],
  ])('lets %s through', (_, headers) => {
    expect(() => preventForgery(headers)).not.toThrow();
  });
});
