import assert from "node:assert/strict";
import { test } from "node:test";
import { found, placed, tiles } from "../../../agent_ui/static/feedback/map.js";

test("a place is found again where it was put, on every zoom", () => {
  for (const zoom of [4, 13, 18])
    for (const [lat, long] of [[61.6886, 27.2726], [0, 0], [-33.9, -179.9], [84.9, 179.9]]) {
      const at = placed(lat, long, zoom);
      const again = found(at.x, at.y, zoom);
      assert.ok(Math.abs(again.lat - lat) < 1e-4, `${lat} ${again.lat}`);
      assert.ok(Math.abs(again.long - long) < 1e-4, `${long} ${again.long}`);
    }
});

test("the middle of the world is the middle of the map", () => {
  assert.deepEqual(placed(0, 0, 0), { x: 128, y: 128 });
  assert.ok(Math.abs(placed(85.0511287798, 0, 0).y) < 1e-6);
});

test("tiles cover the view, and go round the world but not over the poles", () => {
  const shown = tiles({ x: 0, y: 0 }, 2, 300, 300);
  assert.ok(shown.every((one) => one.x >= 0 && one.x < 4 && one.y >= 0 && one.y < 4));
  assert.deepEqual(shown.map((one) => [one.x, one.y]), [[3, 0], [0, 0]]);
  for (const one of tiles(placed(61.6886, 27.2726, 13), 13, 640, 288))
    assert.ok(one.left > -256 && one.left < 640 && one.top > -256 && one.top < 288);
});
