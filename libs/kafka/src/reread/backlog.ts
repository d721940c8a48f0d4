import type { AdminConnection } from '../client/admin-connection.ts';

/** How many records of a topic a consumer group has not settled yet. */
export class Backlog {
  private readonly admin: AdminConnection;
  private readonly groupId: string;
  private readonly topic: string;

  constructor(given: { admin: AdminConnection; groupId: string; topic: string }) {
    this.admin = given.admin;
    this.groupId = given.groupId;
    this.topic = given.topic;
  }

  /** In one partition: those behind the commit, whatever lies between them. @throws UnavailableError */
  async size(partition: number): Promise<number> {
    const [ends, commits] = await this.admin.use((admin) =>
      Promise.all([
        admin.fetchTopicOffsets(this.topic),
        admin.fetchOffsets({ groupId: this.groupId, topics: [this.topic] }),
      ]),
    );
    const end = ends.find((one) => one.partition === partition);
    const committed = commits[0]?.partitions.find((one) => one.partition === partition);
    return Math.max(0, Number(end?.high ?? 0) - Math.max(Number(end?.low ?? 0), Number(committed?.offset ?? 0)));
  }
}
