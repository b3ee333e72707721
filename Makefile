# Every target first installs what the machine lacks: see tools/install.sh.
.PHONY: demo www test package size bench clean

demo: package ## an example Worker in real workerd calls the emulated API with no API key
	@tests/node_modules/node22/bin/node examples/demo.mjs

www: package ## a page that runs the package in your browser, against the emulators
	@tests/node_modules/node22/bin/node www/serve.mjs

test: ## every test, in every runtime
	@tools/install.sh browser
	@tools/test.sh

package: ## the npm package, in pkg/ and packed in target/npm/
	@tools/install.sh
	@tools/package.sh

size: package ## what a Worker deploys of it
	@node tools/size.mjs

bench: package ## how fast it is, beside the official SDK and plain JavaScript
	@tests/node_modules/node22/bin/node tests/bench/run.mjs

clean:
	rm -rf pkg target
