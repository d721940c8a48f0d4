import { AdminApi } from '#libs/client';

/** A customer, and the admin REST by its own key. */
export interface DemoCustomer {
  readonly id: string;
  readonly api: AdminApi;
}

/** Makes a customer, as the operator would. @param address of the config app, for example `http://127.0.0.1:8080` */
export async function createCustomer(address: string, operatorKey: string, name: string): Promise<DemoCustomer> {
  const operator = new AdminApi({ address, key: operatorKey });
  const { id } = await operator.call('createCustomer', { body: { name } });
  const { token } = await operator.call('createAccessKey', { path: { customerId: id }, body: { name: 'demo' } });
  return { id, api: new AdminApi({ address, key: token }) };
}
