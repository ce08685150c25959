import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { clientAddresses, clientOf, isNetwork } from './client-address.ts';

const request = (remoteAddress: string, headers: object = {}) => ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage;
const TRUSTED = ['10.0.0.0/8', '::1', 'fd00::/8'];
const behind = (remoteAddress: string, value: string, proxyHeader: 'x-forwarded-for' | 'forwarded' = 'x-forwarded-for') =>
  clientAddresses({ trustedProxies: TRUSTED, proxyHeader })(request(remoteAddress, { [proxyHeader]: value }));

describe('the address of a client', () => {
  it('is where the connection comes from, whatever its headers say, unless that is a trusted proxy', () => {
    const headers = { 'x-forwarded-for': '1.2.3.4', forwarded: 'for=1.2.3.4', 'x-real-ip': '1.2.3.4' };
    const nobody = clientAddresses({ trustedProxies: [], proxyHeader: 'x-forwarded-for' });
    expect(nobody(request('10.0.0.7', headers))).toBe('10.0.0.7');
    expect(behind('203.0.113.9', '1.2.3.4')).toBe('203.0.113.9');
  });

  it.each([
    ['10.0.0.7', '198.51.100.4', '198.51.100.4'],
    ['::ffff:10.0.0.7', '198.51.100.4', '198.51.100.4'],
    ['10.0.0.7', '6.6.6.6, 198.51.100.4', '198.51.100.4'],
    ['10.0.0.7', '6.6.6.6, 198.51.100.4, 10.1.1.1', '198.51.100.4'],
    ['10.0.0.7', '10.2.2.2', '10.2.2.2'],
    ['10.0.0.7', 'unknown', '10.0.0.7'],
    ['10.0.0.7', '6.6.6.6, nonsense, 10.1.1.1', '10.1.1.1'],
    ['10.0.0.7', '198.51.100.4:5123', '198.51.100.4'],
    ['::1', '[2001:db8:a:b:1::1]:443', '2001:db8:a:b::/64'],
  ])('behind %s with "%s" is %s', (peer, header, address) => {
    expect(behind(peer, header)).toBe(address);
  });

  it('is read in `forwarded` where the proxies write it there, and nowhere else then', () => {
    expect(behind('10.0.0.7', 'for=6.6.6.6;proto=https, for="[2001:db8::1]:443";by=10.1.1.1', 'forwarded')).toBe('2001:db8:0:0::/64');
    const addressOf = clientAddresses({ trustedProxies: TRUSTED, proxyHeader: 'forwarded' });
    expect(addressOf(request('10.0.0.7', { 'x-forwarded-for': '6.6.6.6' }))).toBe('10.0.0.7');
  });

  it('is the network, of IPv6: one client has as many addresses as it likes', () => {
    expect(clientOf('2001:db8:1:2:a::1')).toBe('2001:db8:1:2::/64');
    expect(clientOf('2001:0db8:0001:0002:ffff:ffff:ffff:ffff')).toBe('2001:db8:1:2::/64');
    expect(clientOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
    expect(clientOf('::1')).toBe('0:0:0:0::/64');
  });
});

it('tells networks from other words', () => {
  expect(['10.0.0.7', '10.0.0.0/8', '::1', 'fd00::/8'].filter((word) => !isNetwork(word))).toEqual([]);
  expect(['10.0.0', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/x', 'localhost', '::1/129', ''].filter(isNetwork)).toEqual([]);
});
