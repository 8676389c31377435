/** Adds a user. */

import { useRef, useState } from "preact/hooks";
import { logIn, principal, readPrincipal } from "../../shared/access/principal.ts";
import { ROLES, type Role } from "../key.ts";
import { addUser, type SetPassword } from "./user.ts";

const LONGEST_NAME = 80;

/** @param added takes the password, where the server has generated one. */
export function UserForm({ added }: { added: (password: SetPassword) => void }) {
  const form = useRef<HTMLFormElement>(null);
  const [problem, setProblem] = useState("");
  const first = principal.value?.name === null;
  const submit = async (): Promise<void> => {
    const given = new FormData(form.current!);
    const word = (name: string): string => String(given.get(name) ?? "").trim();
    const password = String(given.get("password") ?? "");
    const user = { name: word("name"), role: word("role") as Role, terminal: word("terminal") || null, password: password === "" ? null : password };
    if (user.name === "") {
      setProblem("Enter first the name of the user.");
      return;
    }
    const result = await addUser(user);
    setProblem(result.ok ? "" : result.message);
    if (!result.ok) return;
    form.current?.reset();
    if (first) {
      await logIn({ name: result.value.name, password: result.value.password ?? password });
      await readPrincipal();
    }
    added(result.value);
  };
  return (
    <form
      class="statement"
      ref={form}
      aria-label="Add a user"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <label>
        <span>Name</span>
        <input type="text" name="name" maxLength={LONGEST_NAME} autocomplete="off" required />
      </label>
      <label class="short">
        <span>Role</span>
        <select name="role">
          {ROLES.map((one) => (
            <option key={one} selected={first && one === "admin"}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <label class="short">
        <span>Terminal only</span>
        <input type="text" name="terminal" maxLength={64} autocomplete="off" placeholder="all" />
      </label>
      <label>
        <span>Password, 10 signs or more</span>
        <input type="password" name="password" maxLength={200} autocomplete="new-password" placeholder="empty: the server makes one" />
      </label>
      <div class="buttons">
        <button type="submit" class="main">
          Add
        </button>
      </div>
      <p class="problem" role="alert">
        {problem === "" ? "" : `✕ ${problem}`}
      </p>
    </form>
  );
}
