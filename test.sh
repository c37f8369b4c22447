#!/usr/bin/env bash
# Installs what the tests need, builds everything and runs every test. The last line counts all runners together.
set -uo pipefail
cd "$(dirname "$0")"
output="$PWD/test-output"
rm -rf "$output"
mkdir -p "$output"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 PUPPETEER_SKIP_DOWNLOAD=1
passed=0 failed=0

say() { printf '\n== %s\n' "$*"; }

# Runs one step that has no tests of its own; a failure counts as one failed test.
step() {
  local name=$1; shift
  say "$name"
  if ! "$@"; then
    echo "step failed: $name"
    failed=$((failed + 1))
    return 1
  fi
}

# Adds a runner's counts. A runner that fails without having counted a failure counts as one.
count() {
  local name=$1 code=$2 ok=$3 bad=$4
  if [ "$code" -ne 0 ] && [ "${bad:-0}" -eq 0 ]; then bad=1; fi
  echo "-- $name: ${ok:-0} passed, ${bad:-0} failed"
  passed=$((passed + ${ok:-0}))
  failed=$((failed + ${bad:-0}))
}

# One compiler for all projects halves the time, whatever the environment says; it is not left running.
build() {
  dotnet build -c Release -v quiet -clp:NoSummary -p:UseSharedCompilation=true
  local code=$?
  dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1
  return $code
}

# Names the tests that failed, so that the end of the output says what to look at.
name_failures() {
  [ "$failed" -eq 0 ] && return
  say "What failed"
  grep -hE '^failed ' "$output/dotnet.log" 2>/dev/null
  sed -n 's/^ *not ok [0-9]* - //p' "$output/e2e.log" 2>/dev/null
  node -e '
    for (const report of process.argv.slice(1)) {
      for (const file of JSON.parse(require("fs").readFileSync(report, "utf8")).testResults) {
        for (const test of file.assertionResults.filter((result) => result.status === "failed")) console.log(test.fullName);
      }
    }' "$output"/vitest-*.json 2>/dev/null
}

finish() {
  name_failures
  echo
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}

install_chromium() {
  command -v chromium >/dev/null && return
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "The browser tests need Chromium: install the package 'chromium' and run again."
    return 1
  fi
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
}

# The other WebRTC clients of tests/e2e/interop, and what makes networks for them. One that cannot be installed is left out of the matrix, which says so.
install_clients() {
  local packages="firefox-esr gstreamer1.0-plugins-bad gstreamer1.0-plugins-good gstreamer1.0-plugins-base gstreamer1.0-nice
    gstreamer1.0-libav python3-gi gir1.2-gst-plugins-bad-1.0 python3-gst-1.0 python3-aiortc iproute2 nftables" missing="" package
  command -v dpkg-query >/dev/null || { echo "No Debian packages here: Firefox, GStreamer and aiortc are used if they are there."; return; }
  for package in $packages; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
  done
  [ -z "$missing" ] && return
  if [ "$(id -u)" -ne 0 ]; then
    echo "Not installed, and not tried:$missing"
    return
  fi
  apt-get update -qq
  for package in $missing; do
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 || echo "Could not be installed: $package"
  done
}

# A TURN server, which some ways of media need. Debian's package starts one where there is systemd; the tests start their own.
install_coturn() {
  command -v turnserver >/dev/null && return
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "The tests of media over TURN need coturn: install the package 'coturn' and run again."
    return 1
  fi
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends coturn >/dev/null
}

install_npm() {
  (cd web && npm ci --no-audit --no-fund --loglevel=error) && (cd tests/e2e && npm ci --no-audit --no-fund --loglevel=error)
}

step "Chromium" install_chromium || finish
step "Other WebRTC clients" install_clients
step "coturn" install_coturn || finish
step "npm packages" install_npm || finish
step "Build (server, SDKs, web app)" build || finish

step "Web lint" npm --prefix web run --silent lint
step "Web types" npm --prefix web run --silent typecheck

say "C# tests"
dotnet test -c Release --no-build 2>&1 | tee "$output/dotnet.log"
code=${PIPESTATUS[0]}
count "C#" "$code" \
  "$(sed -n 's/^ *succeeded: *\([0-9]*\).*/\1/p' "$output/dotnet.log" | tail -1)" \
  "$(sed -n 's/^ *failed: *\([0-9]*\).*/\1/p' "$output/dotnet.log" | tail -1)"

for workspace in web/packages/* web/apps/*; do
  say "TypeScript tests: $workspace"
  report="$output/vitest-$(basename "$workspace").json"
  (cd "$workspace" && npx vitest run --reporter=default --reporter=json --outputFile.json="$report")
  code=$?
  count "$workspace" "$code" \
    "$(sed -n 's/.*"numPassedTests":\([0-9]*\).*/\1/p' "$report" | head -1)" \
    "$(sed -n 's/.*"numFailedTests":\([0-9]*\).*/\1/p' "$report" | head -1)"
done

say "Browser journeys"
(cd tests/e2e && DAIS_TEST_OUTPUT="$output" npm test --silent) 2>&1 | tee "$output/e2e.log"
code=${PIPESTATUS[0]}
count "browser" "$code" \
  "$(sed -n 's/^[#ℹ] pass \([0-9]*\).*/\1/p' "$output/e2e.log" | tail -1)" \
  "$(sed -n 's/^[#ℹ] fail \([0-9]*\).*/\1/p' "$output/e2e.log" | tail -1)"

finish
