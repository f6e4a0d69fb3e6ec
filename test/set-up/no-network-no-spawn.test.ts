import { execFile, execSync, fork, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup, Resolver } from 'node:dns';
import { lookup as lookupPromise, Resolver as PromiseResolver } from 'node:dns/promises';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';

const none = () => undefined;

describe('a unit test', () => {
  it.each([
    ['spawn', () => spawn('true')],
    ['spawnSync', () => spawnSync('true')],
    ['execSync', () => execSync('true')],
    ['execFile', () => execFile('true')],
    ['fork', () => fork('nothing.js')],
  ])('cannot start a process with %s', (_name, act) => {
    expect(act).toThrow(/tried to start a process/);
  });

  it.each([
    ['net.connect', () => connect(9, '127.0.0.1')],
    ['http.request', () => request('http://127.0.0.1:9/')],
    ['server.listen', () => createServer().listen(0)],
    ['a datagram', () => createSocket('udp4').send('x', 9, '127.0.0.1')],
    ['dns.lookup', () => lookup('localhost', none)],
    ['dns.promises.lookup', () => lookupPromise('localhost')],
    ['dns.Resolver', () => new Resolver().resolve4('localhost', none)],
    ['dns.promises.Resolver', () => new PromiseResolver().resolve4('localhost')],
    ['dns.Resolver.reverse', () => new Resolver().reverse('127.0.0.1', none)],
  ])('cannot reach the network with %s', (_name, act) => {
    expect(act).toThrow(/A unit test tried to/);
  });
});
