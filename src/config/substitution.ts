/** The environment as the configuration reads it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What became of a text with `${NAME}` in it. */
export type Substitution =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "failed"; readonly reason: string };

const TOKEN = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::([^}]*))?\}|\$\{/g;

/** Whether `substitute` would do anything to the text. */
export function hasSubstitution(text: string): boolean {
  return text.includes("${");
}

/**
 * Puts the environment into a text: `${NAME}` is the variable, `${NAME:default}` the default where
 * the variable is not set, and `$${` a plain `${`. What a variable holds is taken as it is, and not
 * looked through again. Fails where a variable without a default is not set.
 */
export function substitute(text: string, env: Environment): Substitution {
  let failure: string | undefined;
  const result = text.replace(
    TOKEN,
    (
      token: string,
      name: string | undefined,
      byDefault: string | undefined,
    ) => {
      if (token === "$${") return "${";
      if (name === undefined) {
        failure ??= "needs ${NAME} or ${NAME:default}, or $${ for a plain ${";
        return "";
      }
      const value = variable(env, name) ?? byDefault;
      if (value === undefined) {
        failure ??=
          `needs the environment variable ${name}, which is not set, or \${${name}:default}`;
      }
      return value ?? "";
    },
  );
  return failure === undefined
    ? { type: "text", text: result }
    : { type: "failed", reason: failure };
}

/** The variables a text names, whether they are set or not. */
export function namedVariables(text: string): Set<string> {
  const names = new Set<string>();
  for (const [, name] of text.matchAll(TOKEN)) {
    if (name !== undefined) names.add(name);
  }
  return names;
}

function variable(env: Environment, name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}
