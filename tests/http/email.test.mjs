// H-029 and H-031: who is who by e-mail address.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isOk, isProblem } from '../lib/oracle.mjs';
import { api, newPassword } from '../lib/people.mjs';
import { useService } from '../lib/service.mjs';

const service = await useService();
const { register, login, registered } = api(service);

const password = newPassword();
const tryEmail = (email) => register({ email, password });

test('an address is compared without case, and shown as typed', async () => {
  const { email } = await registered({ email: 'Mixed.Case@Example.ORG', password });
  assert.equal(email, 'Mixed.Case@Example.ORG');
  for (const other of ['mixed.case@example.org', 'MIXED.CASE@EXAMPLE.ORG']) {
    isProblem(await tryEmail(other), 'user_exists');
    const answer = await login({ email: other, password });
    isOk(answer);
    assert.equal(answer.body.user.email, 'Mixed.Case@Example.ORG');
  }
});

const victim = 'victim.kelvin@example.org';
await registered({ email: victim, password });

const lookAlikes = {
  'a leading space': ` ${victim}`,
  'a trailing space': `${victim} `,
  'a trailing tab': `${victim}\t`,
  'a trailing newline': `${victim}\n`,
  'a no-break space': `${victim}\u00a0`,
  'a zero-width space': `victim\u200b.kelvin@example.org`,
  'é for e': 'victim.kélvin@example.org',
  'é as two characters': 'victim.ke\u0301lvin@example.org',
  'a dotless i': 'vıctim.kelvin@example.org',
  'a Kelvin sign': 'victim.\u212aelvin@example.org',
  'a Cyrillic i': 'v\u0456ctim.kelvin@example.org',
  'a full-width a': 'victim.kelvin@ex\uff41mple.org',
  'a full-width @': 'victim.kelvin\uff20example.org',
  'an ideographic full stop': 'victim.kelvin@example\u3002org',
  'an emoji': '😀@example.org',
  'a sharp s': 'victim.kelvin@exampleß.org',
};
for (const [name, email] of Object.entries(lookAlikes)) {
  test(`H-029 ${name} makes no second victim, and logs nobody in`, async () => {
    isProblem(await tryEmail(email), 'validation_failed', 'email email_invalid');
    isProblem(await login({ email, password }), 'invalid_credentials');
  });
}

// As long as it may be before the @, and labels as long as they may be behind.
function ofLength(length) {
  const local = 'a'.repeat(64);
  const labels = `${'a'.repeat(63)}.`.repeat(3);
  return `${local}@${labels.slice(0, length - '@.cd'.length - local.length)}.cd`;
}

const refused = {
  'no @': 'ann.example.org',
  'two @': 'ann@lee@example.org',
  'nothing before @': '@example.org',
  'nothing behind @': 'ann@',
  'one label': 'ann@localhost',
  'a leading dot': '.ann@example.org',
  'a trailing dot': 'ann.@example.org',
  'two dots': 'ann..lee@example.org',
  'a dot behind the domain': 'ann@example.org.',
  'an empty label': 'ann@example..org',
  'a hyphen in front': 'ann@-example.org',
  'an underscore in the domain': 'ann@exa_mple.org',
  'a quoted local part': '"ann lee"@example.org',
  'an IP address': 'ann@192.0.2.1',
  'an IP literal': 'ann@[192.0.2.1]',
  'a comment': 'ann(x)@example.org',
  'a display name': 'Ann <ann@example.org>',
  'a header behind CR LF': 'ann@example.org\r\nBcc: bob@example.org',
  'script': '<script>@example.org',
  'a NUL-less control character': 'ann\u0001@example.org',
  'DEL': 'ann\u007f@example.org',
  'SQL': "ann' OR '1'='1@example.org",
  '65 characters before @': `${'a'.repeat(65)}@example.org`,
  'a label of 64': `ann@${'a'.repeat(64)}.org`,
};
for (const [name, email] of Object.entries(refused)) {
  test(`H-031 an address with ${name} is refused`, async () => {
    isProblem(await tryEmail(email), 'validation_failed', 'email email_invalid');
  });
}

test('H-031 an address has up to 254 characters', async () => {
  assert.equal(ofLength(254).length, 254);
  isOk(await tryEmail(ofLength(254)), 201);
  isOk(await login({ email: ofLength(254).toUpperCase(), password }));
  isProblem(await tryEmail(ofLength(255)), 'validation_failed', 'email too_long');
  isProblem(await tryEmail(`${'a'.repeat(60_000)}@example.org`), 'validation_failed', 'email too_long');
});

const accepted = {
  'a plus': 'ann+shop@example.org',
  'every special character': "!#$%&'*+-/=?^_`{|}~@example.org",
  'a subdomain': 'ann@mail.example.co',
  'an IDN': 'ann@xn--bcher-kva.example',
  'digits': '1@2.example3',
};
for (const [name, email] of Object.entries(accepted)) {
  test(`an address with ${name} is accepted and logs in`, async () => {
    isOk(await tryEmail(email), 201);
    isOk(await login({ email, password }));
  });
}

test('a plus makes another address', async () => {
  await registered({ email: 'kim@example.org' });
  await registered({ email: 'kim+1@example.org' });
});

test('the stored key is the lower-case address, byte for byte', async () => {
  await registered({ email: 'Stored.Key@Example.Org' });
  const rows = await service.sql(
    "SELECT email_key FROM user WHERE email = 'Stored.Key@Example.Org'");
  assert.deepEqual(rows, [['stored.key@example.org']]);
});
