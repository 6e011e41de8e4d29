"""The vendor's own client (PyPI: tencentcloud-sdk-python-ccc), asked by vendor_client.rs.

One JSON object on standard input, {"task": ..., ...}, becomes one on standard output.
"""

import json
import sys
from datetime import datetime, timezone

from tencentcloud.ccc.v20200210 import ccc_client, models
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.http.request import RequestInternal
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile


def client(asked):
    profile = ClientProfile(
        httpProfile=HttpProfile(protocol="http", endpoint=asked["endpoint"], reqTimeout=10)
    )
    credential = Credential(asked["secretId"], asked["secretKey"], asked.get("token"))
    return ccc_client.CccClient(credential, asked.get("region", ""), profile)


def call(asked):
    """One action through the client: what it answers, or the vendor's code."""
    request = getattr(models, asked["action"] + "Request")()
    request.from_json_string(json.dumps(asked["parameters"]))
    try:
        answer = getattr(client(asked), asked["action"])(request)
    except TencentCloudSDKException as error:
        return {"code": error.get_code()}
    return json.loads(answer.to_json_string())


def authorize(asked):
    """The Authorization header that the client's own TC3 function gives a request that was captured."""
    header = asked["header"]
    request = RequestInternal(header["Host"], "POST", "/", header=header, data=asked["body"])
    seconds = int(header["X-TC-Timestamp"])
    date = datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d")
    signature = client(asked)._get_tc3_signature({}, request, date, "ccc", asked["secretKey"])
    scope = "%s/%s/ccc/tc3_request" % (asked["secretId"], date)
    return {
        "authorization": "TC3-HMAC-SHA256 Credential=%s, SignedHeaders=content-type;host, Signature=%s"
        % (scope, signature)
    }


def authorize_all(asked):
    """The same for many requests."""
    return {"authorizations": [authorize(one)["authorization"] for one in asked["requests"]]}


TASKS = {"call": call, "authorize": authorize, "authorizeAll": authorize_all}

asked = json.load(sys.stdin)
print(json.dumps(TASKS[asked.pop("task")](asked)))
