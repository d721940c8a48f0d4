import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

import packet, { type Question, type RecordType, type StringAnswer } from 'dns-packet';

/** One resource record. `data` is an address, for CNAME a name; `name` is that of the question when absent. `ttl` in seconds. */
export type DnsRecord = Pick<StringAnswer, 'type' | 'data' | 'ttl'> & { readonly name?: string };

/** The response code of a name that does not exist (RFC 1035, section 4.1.1); it is part of the flags. */
const NAME_ERROR = 3;

/**
 * What a name's server does when it is asked: answers with records (those of another type are left out, but for aliases), or stays silent.
 *
 * @param round how often this name was asked for this type before.
 */
export type Behaviour = (round: number) => readonly DnsRecord[] | 'silent';

/** Answers always the same. */
export function always(...records: readonly DnsRecord[]): Behaviour {
  return () => records;
}

/** Answers every question differently, and from the last answer on the same. */
export function inTurn(...rounds: ReadonlyArray<readonly DnsRecord[]>): Behaviour {
  return (round) => rounds[Math.min(round, rounds.length - 1)] ?? [];
}

export function a(data: string, ttl = 0): DnsRecord {
  return { type: 'A', data, ttl };
}

export function aaaa(data: string, ttl = 0): DnsRecord {
  return { type: 'AAAA', data, ttl };
}

/** A name server on a loopback address, over UDP. Names that it was not told of do not exist. */
export class NameServer {
  private readonly socket: Socket;
  private readonly names = new Map<string, Behaviour>();
  private readonly rounds = new Map<string, number>();
  private readonly unanswered: Array<() => void> = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('message', (message, from) => {
      const { id, questions } = packet.decode(message);
      const [question] = questions ?? [];
      if (!question) return;
      const send = (records: readonly DnsRecord[] | undefined): void =>
        socket.send(response(id, question, records), from.port, from.address);
      const answer = this.answer(question);
      if (answer === 'silent') this.unanswered.push(() => send(undefined));
      else send(answer);
    });
  }

  static async open(): Promise<NameServer> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new NameServer(socket);
  }

  /** As `DNS_SERVERS` names it. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  /** Sets what a name has from now on, and begins to count anew. */
  on(name: string, behaviour: Behaviour): void {
    this.names.set(name, behaviour);
    for (const type of ['A', 'AAAA', 'CNAME'] as const) this.rounds.delete(keyOf(name, type));
  }

  /** How often a name was asked for. */
  asked(name: string, type: RecordType): number {
    return this.rounds.get(keyOf(name, type)) ?? 0;
  }

  /** Ends what it was silent about: the names do not exist. */
  close(): Promise<void> {
    for (const end of this.unanswered.splice(0)) end();
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }

  /** What a name has; undefined when it does not exist. */
  private answer({ name: asked, type }: Question): readonly DnsRecord[] | undefined | 'silent' {
    const name = asked.toLowerCase();
    const behaviour = this.names.get(name);
    if (!behaviour) return undefined;
    const round = this.asked(name, type);
    this.rounds.set(keyOf(name, type), round + 1);
    const records = behaviour(round);
    if (records === 'silent') return records;
    return records.filter((record) => record.type === type || record.type === 'CNAME');
  }
}

function response(id: number | undefined, question: Question, records: readonly DnsRecord[] | undefined): Buffer {
  return packet.encode({
    type: 'response',
    id,
    flags: packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | (records ? 0 : NAME_ERROR),
    questions: [question],
    answers: (records ?? []).map((record) => ({ name: question.name, ...record })),
  });
}

function keyOf(name: string, type: RecordType): string {
  return `${name} ${type}`;
}
