"""Grade on Slurm: run this on the login node in the course folder, and the grader beside it."""

from dask_jobqueue import SLURMCluster
from distributed import Security

JOBS = 8

security = Security(
    tls_ca_file="tls/ca.pem",
    tls_scheduler_cert="tls/cert.pem",
    tls_scheduler_key="tls/key.pem",
    tls_worker_cert="tls/cert.pem",
    tls_worker_key="tls/key.pem",
    tls_client_cert="tls/cert.pem",
    tls_client_key="tls/key.pem",
    require_encryption=True,
)
cluster = SLURMCluster(
    cores=32,
    processes=1,
    memory="64GB",
    walltime="04:00:00",
    protocol="tls",
    security=security,
    local_directory="/dev/shm",
    scheduler_options={"port": 8786, "dashboard": False, "dashboard_address": "127.0.0.1:0"},
    worker_extra_args=[
        *("--no-nanny", "--memory-limit", "0"),
        *("--no-dashboard", "--dashboard-address", "127.0.0.1:0"),
    ],
)
cluster.scale(jobs=JOBS)
print(f"autograder grade --scheduler {cluster.scheduler_address} --tls tls/", flush=True)
input("Enter ends the cluster. ")
