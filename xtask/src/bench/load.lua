-- A page's requests, as nginx passes them on.
--
-- load.lua COOKIE           the same request again and again
-- load.lua COOKIE VALIDATE  and for every token that was handed out CEC's question about it, at the path
--                           VALIDATE: what is asked and answered is then made and read here

local tokens, asked = {}, nil

function init(args)
   wrk.method = 'POST'
   wrk.body = '{}'
   wrk.headers['Host'] = 'shop.example'
   wrk.headers['X-Forwarded-For'] = '203.0.113.7'
   wrk.headers['X-Forwarded-Host'] = 'shop.example'
   wrk.headers['X-Forwarded-Proto'] = 'https'
   wrk.headers['Accept'] = '*/*'
   wrk.headers['Accept-Encoding'] = 'gzip, deflate, br, zstd'
   wrk.headers['Accept-Language'] = 'zh-CN,zh;q=0.9,en;q=0.8'
   wrk.headers['Content-Type'] = 'application/json'
   wrk.headers['Cookie'] = args[1]
   wrk.headers['Origin'] = 'https://shop.example'
   wrk.headers['Referer'] = 'https://shop.example/help'
   wrk.headers['Sec-Fetch-Dest'] = 'empty'
   wrk.headers['Sec-Fetch-Mode'] = 'cors'
   wrk.headers['Sec-Fetch-Site'] = 'same-origin'
   wrk.headers['User-Agent'] =
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
   if args[2] then ask_about_tokens(args[2]) end
end

function ask_about_tokens(validate)
   local cec = {
      ['Host'] = 'shop.example',
      ['X-Forwarded-For'] = '203.0.113.7',
      ['Content-Type'] = 'application/json',
   }
   local login

   function request()
      local token = table.remove(tokens)
      if token then return wrk.format('POST', validate, cec, token) end
      login = login or wrk.format()
      return login
   end

   function response(status, headers, body)
      local token = body:match('"token":"([^"]+)"')
      if not token then
         if body:find('"retCode":1', 1, true) then refused = (refused or 0) + 1 end
         return
      end
      local who = function(member) return body:match('"' .. member .. '":"([^"]*)"') end
      tokens[#tokens + 1] = string.format(
         '{"Token":"%s","userName":"%s","userId":"%s","tenantSpaceId":"%s"}',
         token, who('thirdUserName'), who('thirdUserId'), who('tenantSpaceId'))
   end
end

local threads = {}

function setup(thread)
   threads[#threads + 1] = thread
end

function done(summary, latency)
   local refused = 0
   for _, thread in ipairs(threads) do refused = refused + (thread:get('refused') or 0) end
   local errors = summary.errors
   print(string.format(
      '{"requests":%d,"microseconds":%d,"non_2xx":%d,"socket_errors":%d,"refused":%d,'
      .. '"median_us":%d,"p99_us":%d,"longest_us":%d}',
      summary.requests, summary.duration, errors.status,
      errors.connect + errors.read + errors.write + errors.timeout, refused,
      latency:percentile(50), latency:percentile(99), latency.max))
end
