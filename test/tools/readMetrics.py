"""What prometheus_client reads at GET /metrics, as JSON. Argument: URL"""

import json
import sys

import requests
from prometheus_client.openmetrics.parser import text_string_to_metric_families

answer = requests.get(f"{sys.argv[1]}/metrics", headers={"accept": "application/openmetrics-text"})
families = [
    [family.name, family.type, family.unit, family.documentation, [[s.name, s.labels, s.value] for s in family.samples]]
    for family in text_string_to_metric_families(answer.text)
]
print(json.dumps(families))
