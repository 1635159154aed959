// A string inverter that speaks SunSpec over Modbus/TCP itself (server: modbus-serial).
'use strict';
const { ServerTCP } = require('modbus-serial');
const { sunspec_map, vector_of } = require('./sunspec_map.js');

const units = new Map([[1, sunspec_map({
  maker: 'Sungrow', model: 'SG110CX', options: 'DEMO', version: 'SAPPHIRE-1.0.8', serial: 'DEMO-SG-110-0001',
  unit: 1, rated_watts: 110000, now_watts: 61200 })]]);
const identification = () => ({ 0x00: 'Sungrow', 0x01: 'SG110CX', 0x02: 'SAPPHIRE-1.0.8', 0x03: 'https://sungrow.example', 0x04: 'String inverter', 0x05: 'SG110CX demo', 0x06: 'demo plant' });

new ServerTCP(vector_of(units, identification), { host: '0.0.0.0', port: 502, unitID: 1 });
