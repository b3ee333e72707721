import handler from "./edge.js";

addEventListener("fetch", (event) => event.respondWith(handler(event.request)));
