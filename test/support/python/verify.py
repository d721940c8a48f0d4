"""Verifies deliveries with the Standard Webhooks library for Python: a list of them as JSON comes in, a list of verdicts goes out."""

import json
import sys

from standardwebhooks import Webhook, WebhookVerificationError


def accepts(delivery):
    try:
        Webhook(delivery["secret"]).verify(delivery["body"], delivery["headers"])
    except WebhookVerificationError:
        return False
    return True


json.dump([accepts(delivery) for delivery in json.load(sys.stdin)], sys.stdout)
