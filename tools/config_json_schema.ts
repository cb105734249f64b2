import { z } from "zod";
import { KEY_INFO } from "../src/config/keys.ts";
import { CONFIG_SCHEMA } from "../src/config/schema.ts";

/** A text with `${NAME}` in it may stand for a value of any type. */
const SUBSTITUTED = { type: "string", pattern: "\\$\\{" } as const;

/** The whole of configs/schema.json: the JSON Schema of the file as it is written. */
export function renderJsonSchema(): string {
  const schema = z.toJSONSchema(CONFIG_SCHEMA, {
    io: "input",
    target: "draft-07",
    override: ({ zodSchema, jsonSchema }) => {
      if (KEY_INFO.has(zodSchema)) allowSubstitution(jsonSchema);
      else if (jsonSchema.type === "object") {
        // A block whose keys are all commented out is null.
        jsonSchema.type = ["object", "null"];
      }
      // What a block holds by default is said by its keys.
      if (zodSchema instanceof z.ZodPrefault && isBlock(jsonSchema)) {
        delete jsonSchema.default;
      }
    },
  });
  return JSON.stringify(schema, null, 2) + "\n";
}

function isBlock(schema: z.core.JSONSchema.JSONSchema): boolean {
  return Array.isArray(schema.type);
}

/** Moves what a value must be below an `anyOf`, and leaves what is said of the key. */
function allowSubstitution(key: z.core.JSONSchema.JSONSchema): void {
  const { description: _, ...value } = key;
  for (const name of Object.keys(value)) delete key[name];
  const { items } = value;
  if (typeof items === "object" && !Array.isArray(items)) {
    value.items = { anyOf: [items, SUBSTITUTED] };
  }
  key.anyOf = [value, SUBSTITUTED];
}
