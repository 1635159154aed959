// A building management client: asks who is there, then reads what each device says of itself.
'use strict';
const { default: Client } = require('@bacnet-js/client');

const wanted = [77, 121, 120, 70, 44, 12, 28, 58, 75, 139];
const client = new Client({ port: 47808, interface: '0.0.0.0', broadcastAddress: '10.20.0.255', apduTimeout: 3000 });
const asked = new Set();

client.on('error', (error) => console.log(error.message));
client.on('iAm', async ({ header, payload }) => {
  if (asked.has(payload.deviceId)) return;
  asked.add(payload.deviceId);
  for (const id of wanted) {
    try {
      const answer = await client.readProperty(header.sender, { type: 8, instance: payload.deviceId }, id);
      console.log(id, JSON.stringify(answer.values));
    } catch (error) {
      console.log(id, error.message);
    }
  }
});
client.on('listening', () => client.whoIs());
setTimeout(() => process.exit(asked.size > 0 ? 0 : 1), 12000);
