import { randomUUID } from 'node:crypto';

/** One event of the story: what happens to which resource, and how long after the one before it. */
export interface Scene {
  readonly customer: CustomerName;
  readonly type: string;
  readonly resourceId: string;
  /** Fields of the resource that the scene sets; the rest is a sample from the schema. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly pauseMs: number;
}

/** The customers of the demo. */
export type CustomerName = 'Harbour Clinic' | 'North Parcel';

/**
 * A believable quarter of an hour, played in seconds: an incoming call from ringing to hangup with its recording and transcription,
 * a queue with a waiting caller, a message, and a campaign.
 */
export function story(): Scene[] {
  const scenes: Scene[] = [];
  const tell = (customer: CustomerName, resourceId: string, type: string, data: Scene['data'], pauseMs = 120): void => {
    scenes.push({ customer, type, resourceId, data: { ...data, id: resourceId }, pauseMs });
  };
  const caller = { type: 'tel', target: '+31201234567', target_name: 'Eva Jansen' };
  const desk = { type: 'tel', target: '+31207654321', target_name: 'Harbour Clinic' };

  const [call, flow, recording, transcribe] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const incoming = { source: caller, destination: desk, direction: 'incoming', activeflow_id: flow };
  tell('Harbour Clinic', flow, 'activeflow_created', { reference_id: call });
  tell('Harbour Clinic', call, 'call_created', { ...incoming, status: 'dialing' });
  tell('Harbour Clinic', call, 'call_ringing', { ...incoming, status: 'ringing' }, 200);
  tell('Harbour Clinic', call, 'call_progressing', { ...incoming, status: 'progressing' }, 300);
  tell('Harbour Clinic', recording, 'recording_started', { reference_id: call });
  tell('Harbour Clinic', transcribe, 'transcribe_created', { reference_id: call });

  const [queue, waiting] = [randomUUID(), randomUUID()];
  tell('North Parcel', queue, 'queue_updated', { name: 'Where is my parcel' });
  tell('North Parcel', waiting, 'queuecall_created', {});
  tell('North Parcel', waiting, 'queuecall_waiting', {}, 200);
  tell('North Parcel', waiting, 'queuecall_connecting', {}, 300);
  tell('North Parcel', waiting, 'queuecall_serviced', {}, 200);

  tell('Harbour Clinic', randomUUID(), 'message_created', {
    text: 'Your appointment is tomorrow at 9:30.',
    direction: 'outbound',
  });
  tell(
    'Harbour Clinic',
    call,
    'call_hangup',
    { ...incoming, status: 'hangup', hangup_by: 'remote', hangup_reason: 'normal' },
    300,
  );
  tell('Harbour Clinic', recording, 'recording_finished', { reference_id: call });
  tell('Harbour Clinic', transcribe, 'transcribe_done', { reference_id: call });
  tell('Harbour Clinic', flow, 'activeflow_deleted', { reference_id: call });

  const campaign = randomUUID();
  tell('North Parcel', waiting, 'queuecall_done', {});
  tell('North Parcel', campaign, 'campaign_created', { name: 'Delivery survey' });
  tell('North Parcel', campaign, 'campaign_status_run', { name: 'Delivery survey', status: 'run' }, 200);
  tell('North Parcel', campaign, 'campaign_status_stopping', { name: 'Delivery survey', status: 'stopping' }, 300);
  tell('North Parcel', campaign, 'campaign_status_stop', { name: 'Delivery survey', status: 'stop' });
  return scenes;
}
