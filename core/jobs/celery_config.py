"""Celery's settings, read lazily by name. BROKER_URL alone decides on Redis or RabbitMQ."""

from typing import Any

from django.conf import settings
from kombu import Exchange
from kombu import Queue as BrokerQueue

from core.jobs import policy
from core.jobs.catalogue import Queue

broker_url = settings.BROKER_URL
_is_amqp = broker_url.startswith(("amqp", "pyamqp"))

# Without an exchange there is no binding that a flushed or restarted broker could forget.
task_queues = [
    BrokerQueue(
        name.value,
        exchange=Exchange(""),
        routing_key=name.value,
        queue_arguments={"x-queue-type": "quorum"} if _is_amqp else None,
    )
    for name in Queue
]
task_default_queue = Queue.MAINTENANCE.value
task_create_missing_queues = False

broker_connection_timeout = 4
broker_connection_retry = True
broker_connection_retry_on_startup = True
broker_connection_max_retries = None
broker_heartbeat = 10
broker_transport_options: dict[str, Any] = (
    {"confirm_publish": True, "read_timeout": 10, "write_timeout": 10}
    if _is_amqp
    else {
        # The ledger brings lost messages back long before; this only tidies what a dead worker held.
        "visibility_timeout": 120,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        # Or a publish to a frozen broker blocks for ever.
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 5,
        # No priorities: with its default of four, each wait would name four keys a queue.
        "priority_steps": [0],
    }
)

accept_content = ["json"]
task_serializer = "json"
event_serializer = "json"
task_ignore_result = True
task_store_errors_even_if_ignored = False
result_backend = None

task_acks_late = True
task_reject_on_worker_lost = True
task_soft_time_limit = policy.SOFT_TIME_LIMIT
task_time_limit = policy.SOFT_TIME_LIMIT + policy.HARD_GRACE
worker_prefetch_multiplier = 1
worker_enable_prefetch_count_reduction = False
# On SIGTERM workers.lifecycle has let running tasks finish before it comes to this.
worker_soft_shutdown_timeout = 1
worker_cancel_long_running_tasks_on_connection_loss = False
worker_consumer = "workers.consumer:LedgerConsumer"

# Flower shows what the workers tell.
worker_send_task_events = True
worker_hijack_root_logger = False
worker_redirect_stdouts = False

beat_scheduler = "workers.beat:LedgerScheduler"
beat_max_loop_interval = 1
timezone = "UTC"
