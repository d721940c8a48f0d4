/** Nobody's; for the description. */
export const EXAMPLE_CUSTOMER = '5e4a0680-804e-4b5f-9f27-0a6ed4b2c3d1';
export const EXAMPLE_WEBHOOK = 'f3a4d0c6-55a1-4a6e-8a4b-1f0c2b7d9e10';
export const EXAMPLE_EVENT = '7b1e6f0e-3c5f-4a5e-9a57-0f2f5c0b6d11';
export const EXAMPLE_REQUEST = '0d6a1c52-8f0b-4c57-9b0e-6b1f5f2a7c11';
