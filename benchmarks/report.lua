-- For wrk: one sender per request, as behind a proxy, so that no limit per address is met; one line of figures at the end.
local number = 0
function setup(thread) thread:set("part", math.random(1, 200)) end
request = function()
  number = number + 1
  wrk.headers["Accept-Encoding"] = "gzip, deflate, br, zstd"
  wrk.headers["X-Forwarded-For"] = string.format("10.%d.%d.%d", part, math.floor(number / 250) % 250, number % 250)
  return wrk.format()
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("FIGURES %d %d %d %.1f %.1f %.1f %.1f\n", summary.requests, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(95),
    latency:percentile(99), latency.max))
end
