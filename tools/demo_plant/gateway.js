// A Modbus gateway: one address, two inverters behind it as units 1 and 2 (server: modbus-serial).
'use strict';
const { ServerTCP } = require('modbus-serial');
const { sunspec_map, vector_of } = require('./sunspec_map.js');

const units = new Map([
  [1, sunspec_map({
    maker: 'Huawei', model: 'SUN2000-100KTL-M2', options: 'DEMO', version: 'V100R001C00', serial: 'DEMO-HW-100-0417',
    unit: 1, rated_watts: 100000, now_watts: 55000 })],
  [2, sunspec_map({
    maker: 'Fronius', model: 'Tauro ECO 100-3-D', options: 'DEMO', version: '1.28.7', serial: 'DEMO-FR-100-0932',
    unit: 2, rated_watts: 100000, now_watts: 53100 })],
]);

new ServerTCP(vector_of(units), { host: '0.0.0.0', port: 502, unitID: 255 });
