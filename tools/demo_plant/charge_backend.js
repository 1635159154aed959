// The back-end of a charge point operator (server: ocpp-rpc): accepts every charge point, then commands it.
'use strict';
const { RPCServer } = require('ocpp-rpc');

const server = new RPCServer({ protocols: ['ocpp1.6'], strictMode: true });
const transaction = 4711;

server.auth((accept) => accept({}));
server.on('client', (charger) => {
  charger.handle('BootNotification', ({ params }) => {
    console.log('BootNotification', JSON.stringify(params));
    return { status: 'Accepted', interval: 300, currentTime: new Date().toISOString() };
  });
  charger.handle('StatusNotification', () => ({}));
  charger.handle('MeterValues', () => ({}));
  charger.handle('Heartbeat', () => ({ currentTime: new Date().toISOString() }));
  charger.handle('StartTransaction', () => ({ transactionId: transaction, idTagInfo: { status: 'Accepted' } }));
  const command = (after, action, params) => setTimeout(() => charger.call(action, params)
    .then((answer) => console.log(action, JSON.stringify(answer)), (error) => console.log(action, error.message)), after);
  command(4000, 'SetChargingProfile', {
    connectorId: 1,
    csChargingProfiles: {
      chargingProfileId: 1, transactionId: transaction, stackLevel: 0, chargingProfilePurpose: 'TxProfile', chargingProfileKind: 'Absolute',
      chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 6 }] } } });
  command(8000, 'RemoteStopTransaction', { transactionId: transaction });
  command(12000, 'ChangeAvailability', { connectorId: 0, type: 'Inoperative' });
});
server.listen(9000, '198.51.100.20').then(() => console.log('listening'));
