/** A change of a webhook that the owners of the event topic's partitions have yet to be told of. */
export interface PendingControl {
  readonly webhookId: string;
  readonly customerId: string;
  /** Another one for each change. */
  readonly token: string;
}
