// A charge point: an OCPP 1.6J client (ocpp-rpc) that reports to a back-end on the internet side and obeys it.
'use strict';
const { RPCClient } = require('ocpp-rpc');

const charger = new RPCClient({
  endpoint: 'ws://csms.laadpunten.example:9000/ocpp', identity: 'DEMO-ACE-0000123', protocols: ['ocpp1.6'], strictMode: true });
for (const action of ['RemoteStartTransaction', 'RemoteStopTransaction', 'SetChargingProfile', 'ChangeAvailability'])
  charger.handle(action, ({ params }) => { console.log(action, JSON.stringify(params)); return { status: 'Accepted' }; });

async function charge() {
  await charger.connect();
  await charger.call('BootNotification', {
    chargePointVendor: 'Alfen BV', chargePointModel: 'NG910-60023', chargePointSerialNumber: 'DEMO-ACE-0000123',
    chargeBoxSerialNumber: 'DEMO-ACE-0000123', firmwareVersion: '6.4.0-4210', meterType: 'DEMO-METER', meterSerialNumber: 'DEMO-M-77' });
  await charger.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Preparing' });
  const { transactionId } = await charger.call('StartTransaction', {
    connectorId: 1, idTag: 'DEMOTAG01', meterStart: 1200, timestamp: new Date().toISOString() });
  setInterval(() => charger.call('MeterValues', {
    connectorId: 1, transactionId,
    meterValue: [{ timestamp: new Date().toISOString(), sampledValue: [{ value: '11040', measurand: 'Power.Active.Import', unit: 'W' }] }] })
    .catch((error) => console.log(error.message)), 12000);
  setInterval(() => charger.call('Heartbeat', {}).catch((error) => console.log(error.message)), 15000);
}

charge().catch((error) => { console.log(error); process.exit(1); });
