SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  // Null keeps the document on this node: the default sends its address to a service of others.
  validatorUrl: null,
});
