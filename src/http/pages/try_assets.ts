import page from "./try.html" with { type: "text" };
import script from "./try.js" with { type: "text" };
import style from "./try.css" with { type: "text" };
import view from "./try_view.js" with { type: "text" };

export { page, script, style, view };
