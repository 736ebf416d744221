import { testEngine } from '../contract.ts';
import { kindEngine, missingForKind, nodeVersion } from './lab.ts';

const missing = await missingForKind();
const version = missing === false ? await nodeVersion() : '2.1.0';

testEngine('kind', version, async () => kindEngine(), missing);
