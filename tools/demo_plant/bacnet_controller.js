// A building controller on BACnet/IP (@bacnet-js/client in the part of a device): answers Who-Is and ReadProperty.
'use strict';
const { default: Client } = require('@bacnet-js/client');

const instance = 2041;
const vendor = 105;
const texts = { 77: 'DEMO-RK1-HVAC', 121: 'PRIVA BV', 70: 'Blue ID S10', 44: '8.2.1.0 demo', 12: 'HVAC-APP 3.1', 28: 'Regelkast 1 (demo)', 58: 'Technische ruimte' };
const properties = new Map(Object.entries(texts).map(([id, value]) => [Number(id), [{ type: 7, value }]]));
properties.set(75, [{ type: 12, value: { type: 8, instance } }]);
properties.set(120, [{ type: 2, value: vendor }]);
properties.set(98, [{ type: 2, value: 1 }]);
properties.set(139, [{ type: 2, value: 14 }]);

const device = new Client({ port: 47808, interface: '0.0.0.0', broadcastAddress: '10.20.0.255' });
device.on('error', (error) => console.log(error.message));
device.on('whoIs', ({ header, payload }) => {
  const { lowLimit, highLimit } = payload || {};
  if (lowLimit > instance || highLimit < instance) return;
  device.iAmResponse({ address: '10.20.0.255:47808' }, instance, 3, vendor);
  console.log('whoIs from', JSON.stringify(header.sender));
});
device.on('readProperty', ({ header, invokeId, service, payload }) => {
  const value = properties.get(payload.property.id);
  if (value) device.readPropertyResponse(header.sender, invokeId, { type: 8, instance }, payload.property, value);
  else device.errorResponse(header.sender, service, invokeId, 2, 32);
});
