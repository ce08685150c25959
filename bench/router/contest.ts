import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GATEWAY, LOAD, type Program, SUBGRAPH, startProgram } from './child.ts';
import type { Gateway, GatewayArgument } from './gateways.ts';
import { installed, versions } from './peers.ts';
import { type Issuer, issuer } from './tokens.ts';
import { SUBGRAPHS, type Subgraph, type Supergraph, sdlOf, supergraphOf } from './world/world.ts';

/** What all gateways of a run have in common. */
export interface Ground {
  readonly subgraphs: Program;
  readonly urls: Readonly<Record<Subgraph, string>>;
  readonly supergraph: Supergraph;
  readonly supergraphFile: string;
  readonly issuer: Issuer;
  readonly load: Program;
  readonly signal: AbortSignal;
  say(line: string): void;
  /** Ends with the run at the latest. */
  atEnd(undo: () => unknown): void;
}

export interface Contestant {
  readonly gateway: Gateway;
  readonly url: string;
  readonly program: Program;
  /** Its packages' versions. */
  readonly versions: string;
}

const START_MS = 120_000;
/** Of every gateway, as docker-compose.yml has it for the router. */
const FLAGS = ['--use-largepages=silent'];
const here = (file: string): string => path.join(import.meta.dirname, file);

/** Starts subgraphs and load, and composes. `folder` is for what belongs to the run. */
export async function newGround(folder: string, base: Pick<Ground, 'say' | 'atEnd' | 'signal'>): Promise<Ground> {
  const start = (file: string, cores: string): Program => {
    const program = startProgram(here(file), cores);
    base.atEnd(() => program.stop());
    return program;
  };
  const subgraphs = start('subgraphs.ts', SUBGRAPH);
  const load = start('load/load.ts', LOAD);
  const urls = await subgraphs.ask<Record<Subgraph, string>>('urls');
  const supergraph = supergraphOf(urls);
  const supergraphFile = path.join(folder, 'supergraph.graphql');
  writeFileSync(supergraphFile, supergraph.sdl);
  const tokens = await issuer();
  base.atEnd(() => tokens.close());
  return { ...base, subgraphs, load, urls, supergraph, supergraphFile, issuer: tokens };
}

/** Installs a gateway where needed, starts it and waits until it answers. @throws why it does not */
export async function startGateway(ground: Ground, gateway: Gateway): Promise<Contestant> {
  const folder = gateway.peer === undefined ? undefined : await installed(gateway.peer, ground.say);
  const port = await freePort();
  const argument: GatewayArgument = {
    port,
    supergraphFile: ground.supergraphFile,
    subgraphs: ground.urls,
    sdl: Object.fromEntries(SUBGRAPHS.map((name) => [name, sdlOf(name)])) as GatewayArgument['sdl'],
    jwksUrl: ground.issuer.jwksUrl,
  };
  const file = folder === undefined ? here('madang.ts') : path.join(folder, 'gateway.mjs');
  const args = [JSON.stringify({ ...argument, ...gateway.options })];
  const program = startProgram(file, GATEWAY, { args, flags: FLAGS, ...(folder === undefined ? {} : { cwd: folder }) });
  ground.atEnd(() => program.stop());
  const url = `http://127.0.0.1:${port}/graphql`;
  try {
    await answers(url, program, ground.signal);
  } catch (error) {
    await program.stop();
    throw error;
  }
  return { gateway, url, program, versions: folder === undefined ? 'this repository' : versions(folder, gateway.packages) };
}

async function answers(url: string, program: Program, signal: AbortSignal): Promise<void> {
  const end = Date.now() + START_MS;
  let last = '';
  while (Date.now() < end && !program.ended()) {
    signal.throwIfAborted();
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{ __typename }"}',
      });
      last = await response.text();
      if (response.ok) return;
    } catch (error) {
      last = String(error);
    }
    await delay(100);
  }
  throw new Error(`it does not start: ${program.output() || last}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
