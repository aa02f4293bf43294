import { configOf } from '../../../services/command/common.ts';
import { runService } from '../../../services/run/process.ts';
import { SERVICES, type ServiceName } from '../../../services/run/services.ts';
import { createKafkaClient } from '../../../services/stream/kafka/client.ts';
import { FAULT_PLAN, type FaultPlan, withFaultPoints } from './fault-points.ts';

/** `run NAME` as the product does it, with fault points at Kafka and a clock that can be set wrong. The only place that reads the plan. */
const plan: FaultPlan = JSON.parse(process.env[FAULT_PLAN] ?? '{}');
const name = (Object.keys(SERVICES) as ServiceName[]).find((service) => service === process.argv[3]);
if (name === undefined) throw new Error(`there is no service ${process.argv[3]}`);

const rightTime = Date.now;
let ahead = 0;
Date.now = () => rightTime() + ahead;
process.on('message', (message: { clockAhead?: number }) => {
  ahead = message.clockAhead ?? ahead;
});

await runService(name, configOf({}), withFaultPoints(createKafkaClient, plan));
