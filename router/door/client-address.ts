import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

function addTo(list: BlockList, network: string): void {
  const [address = '', bits] = network.split('/');
  if (bits === undefined) list.addAddress(address, familyOf(address));
  else list.addSubnet(address, /^\d+$/.test(bits) ? Number(bits) : -1, familyOf(address));
}

/** `10.0.0.7`, `10.0.0.0/8`, `::1`, `fd00::/8` */
export function isNetwork(word: string): boolean {
  try {
    addTo(new BlockList(), word);
    return isIP(word.split('/', 1)[0] ?? '') !== 0;
  } catch {
    return false;
  }
}

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const plain = (address: string): string => MAPPED.exec(address)?.[1] ?? address;

/** An address as a proxy writes it: with a port, in quotes, in brackets. Undefined for what is none. */
function addressIn(entry: string): string | undefined {
  const bare = entry.trim().replace(/^"|"$/g, '');
  const address = plain(/^\[([^\]]+)\](?::\d+)?$/.exec(bare)?.[1] ?? /^([\d.]+):\d+$/.exec(bare)?.[1] ?? bare);
  return isIP(address) === 0 ? undefined : address;
}

const forIn = (element: string): string => /(?:^|;)\s*for=("[^"]*"|[^;]*)/i.exec(element)?.[1] ?? '';

/** Whoever has one IPv6 address has its /64: they are one client. */
export function clientOf(address: string): string {
  if (!address.includes(':')) return address;
  const [zoneless = ''] = address.split('%', 1);
  const [head = '', tail] = zoneless.split('::');
  const groups = head === '' ? [] : head.split(':');
  const end = tail ? tail.split(':') : [];
  const all = tail === undefined ? groups : [...groups, ...Array<string>(Math.max(0, 8 - groups.length - end.length)).fill('0'), ...end];
  const network = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}

export interface ClientAddressOptions {
  /** Networks of the proxies that are believed. */
  readonly trustedProxies: readonly string[];
  /** Where they say whom they speak for. */
  readonly proxyHeader: 'x-forwarded-for' | 'forwarded';
}

/**
 * Where the client of a request is: the other end of the connection or, where that is a trusted proxy, the nearest address before it that is none. What a client writes
 * into such a header itself is further away, and never reached.
 */
export function clientAddresses({ trustedProxies, proxyHeader }: ClientAddressOptions): (request: IncomingMessage) => string {
  const trusted = new BlockList();
  for (const network of trustedProxies) addTo(trusted, network);
  const isTrusted = (address: string): boolean => isIP(address) !== 0 && trusted.check(address, familyOf(address));

  function behind(proxy: string, headers: IncomingMessage['headers']): string {
    const value = headers[proxyHeader];
    if (typeof value !== 'string' || value === '') return proxy;
    let nearest = proxy;
    for (const hop of value.split(',').toReversed()) {
      const address = addressIn(proxyHeader === 'forwarded' ? forIn(hop.trim()) : hop);
      if (address === undefined) return nearest;
      nearest = address;
      if (!isTrusted(address)) return nearest;
    }
    return nearest;
  }

  return ({ socket, headers }) => {
    const peer = plain(socket.remoteAddress ?? '');
    if (trustedProxies.length === 0 || !isTrusted(peer)) return clientOf(peer);
    return clientOf(behind(peer, headers));
  };
}
