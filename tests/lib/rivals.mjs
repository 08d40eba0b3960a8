// Two administrators, the only ones, who take the role from each other at the
// same instant, round after round.
import { api } from './people.mjs';

const rolesOfBoth = ['ADMIN', 'USER'];
const refusals = ['last_admin', 'invalid_token', 'forbidden'];

function expect(isRight, what, ...answers) {
  if (isRight) return;
  throw new Error(`${what}: ${answers.map(({ status, text }) => `${status} ${text}`).join(' and ')}`);
}

const activeAdmins = async (service) => Number((await service.sql('SELECT COUNT(*) FROM user_role r' +
  " JOIN user u ON u.id = r.user_id WHERE r.role_name = 'ADMIN' AND u.status = 1"))[0][0]);

// Ways to take the role away; how it comes back is the same for all.
const ways = {
  demote: (by, { other }) => by.setRoles(other, ['USER']),
  stepDown: (by, { own }) => by.setRoles(own, ['USER']),
  disable: (by, { other }) => by.change(other, { status: 'disabled' }),
};

// told: called after each round.  Returns how often each refusal was heard.
export async function playRivals(service, rounds, { told = () => {}, by: names = ['demote', 'stepDown'] } = {}) {
  const people = api(service);
  const heard = Object.fromEntries(refusals.map((code) => [code, 0]));
  const root = await people.administrator();
  const rivals = [];
  for (let i = 0; i < 2; i++) {
    const rival = await people.newcomer();
    const answer = await people.users(root.accessToken).setRoles(rival.user.id, rolesOfBoth);
    expect(answer.status === 200, 'made an administrator', answer);
    rivals.push(rival);
  }
  await renew(rivals[0]);
  await renew(rivals[1]);
  const gone = await people.users(rivals[0].accessToken).setRoles(root.user.id, []);
  expect(gone.status === 200, 'the first one gone', gone);

  // A change of roles kills the access token; the session goes on.
  async function renew(rival) {
    const answer = await people.refresh(rival.refreshToken);
    if (answer.status !== 200) Object.assign(rival, await people.session(rival));
    else Object.assign(rival, answer.body);
  }

  async function round(name) {
    const [a, b] = rivals;
    const act = (one, { user: { id: other } }) =>
      ways[name](people.users(one.accessToken), { other, own: one.user.id });
    const answers = await Promise.all([act(a, b), act(b, a)]);
    const won = answers.findIndex(({ status }) => status === 200);
    const other = answers[1 - won];
    expect(won >= 0, 'nobody won', ...answers);
    expect(refusals.includes(other.body.code), 'both won, or something else', ...answers);
    heard[other.body.code]++;
    const left = await activeAdmins(service);
    expect(left === 1, `${left} administrators left`, ...answers);
    // Who steps down wins the round and loses the role.
    const loser = rivals[name === 'stepDown' ? won : 1 - won];
    const by = people.users(rivals.find((rival) => rival !== loser).accessToken);
    const back = [await by.change(loser.user.id, { status: 'active' }),
      await by.setRoles(loser.user.id, rolesOfBoth)];
    expect(back.every(({ status }) => status === 200), 'both again', ...back);
    await renew(loser);
  }

  for (let i = 1; i <= rounds; i++) {
    await round(names[i % names.length]);
    told(i);
  }
  return heard;
}

export const allWays = Object.keys(ways);
