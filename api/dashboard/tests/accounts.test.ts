/** Accounts of devices: what names one, what is read of the answers, and the command that tries a credential out. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { namesDevice, readAccount, tryOut } from "../src/access/account.ts";

test("a device is named by three parts, as its topics are", () => {
  for (const name of ["demo/crane/sts9", "t-1/gate/in_1"]) assert.ok(namesDevice(name), name);
  for (const name of ["", "demo/crane", "demo/crane/sts9/x", "Demo/crane/sts9", "demo/crane/", "demo crane/sts9", "demo//sts9"]) assert.ok(!namesDevice(name), name);
});

test("an account is read with its credentials in force; what names no device is left out", () => {
  const answered = {
    terminal: "demo",
    stream: "crane",
    device: "sts9",
    type: null,
    owner: "ACME",
    client_id: "demo.crane.sts9.0a",
    added_at: "2026-12-01T10:00:00.000Z",
    revoked_at: null,
    last_seen_at: null,
    credentials: [{ username: "demo.crane.sts9.1", ends_at: "2026-12-01T11:00:00.000Z" }, { username: "demo.crane.sts9.2", ends_at: null }, {}],
  };
  assert.deepEqual(readAccount(answered), {
    name: "demo/crane/sts9",
    type: null,
    owner: "ACME",
    clientId: "demo.crane.sts9.0a",
    addedMs: Date.UTC(2026, 11, 1, 10),
    revokedMs: null,
    seenMs: null,
    credentials: [
      { username: "demo.crane.sts9.1", endsMs: Date.UTC(2026, 11, 1, 11) },
      { username: "demo.crane.sts9.2", endsMs: null },
    ],
  });
  assert.equal(readAccount({ ...answered, device: null }), null);
});

test("the command connects with user name, password and client id, at the address of the broker", () => {
  const made = { name: "demo/crane/sts9", username: "demo.crane.sts9.1", password: "c0ffee", clientId: "demo.crane.sts9.0a", problem: null };
  assert.equal(
    tryOut({ ...made, broker: "mqtt://127.0.0.1:1883" }),
    `mosquitto_pub -V 5 -q 1 -i demo.crane.sts9.0a \\
  -L mqtt://demo.crane.sts9.1:c0ffee@127.0.0.1:1883/port/demo/crane/sts9/status \\
  -m '{"online": true}'`,
  );
  assert.ok(tryOut({ ...made, broker: "mqtts://broker.example:8883" }).includes("-L mqtts://demo.crane.sts9.1:c0ffee@broker.example:8883/port/"));
});
