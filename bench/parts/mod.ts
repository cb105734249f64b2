import type { PartName } from "../options.ts";
import type { Part } from "../part.ts";
import { connect } from "./connect.ts";
import { density } from "./density.ts";
import { direct } from "./direct.ts";
import { fanOut } from "./fan_out.ts";
import { idle } from "./idle.ts";
import { scale } from "./scale.ts";

/** Every part, by its name. */
export const PARTS: Readonly<Record<PartName, Part>> = {
  fan_out: fanOut,
  scale,
  density,
  idle,
  connect,
  direct,
};
