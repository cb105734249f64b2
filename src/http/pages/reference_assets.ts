// Read when somebody first asks for the reference: the bundle is 1.7 MB.
import script from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "text" };
import style from "swagger-ui-dist/swagger-ui.css" with { type: "text" };
import page from "./reference.html" with { type: "text" };
import start from "./reference.js" with { type: "text" };

export { page, script, start, style };
