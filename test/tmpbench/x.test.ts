import { openStores } from '../setup/stores';
import { measureEvaluation } from '../bench/alerts';
test('x', async () => {
  const s = await openStores();
  const out: any = {};
  const runs = 3000;
  for (const round of [1, 2, 3]) {
    await s.db.query('ALTER TABLE runs DISABLE TRIGGER evaluate_run');
    await s.db.query('ALTER TABLE model_states DISABLE TRIGGER evaluate_state');
    (out.off ??= []).push((await measureEvaluation(s.databaseUrl, 0, runs)).toFixed(3));
    await s.db.query('ALTER TABLE runs ENABLE TRIGGER evaluate_run');
    await s.db.query('ALTER TABLE model_states ENABLE TRIGGER evaluate_state');
    (out.none ??= []).push((await measureEvaluation(s.databaseUrl, 0, runs)).toFixed(3));
    (out.ten ??= []).push((await measureEvaluation(s.databaseUrl, 10, runs)).toFixed(3));
  }
  console.log(JSON.stringify(out));
  await s.close();
}, 300000);
