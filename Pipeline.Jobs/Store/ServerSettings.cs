namespace Pipeline.Jobs.Store;

/// <summary>What the private server is started with. Given at every start, so that a newer program brings newer settings.</summary>
/// <param name="IsDurable">False only in tests: commits are then not forced to the disk.</param>
/// <param name="SharedBuffersMegabytes">Memory that the server keeps pages in.</param>
public sealed record ServerSettings(bool IsDurable = true, int SharedBuffersMegabytes = 256)
{
    /// <summary>Part of the socket's file name only: the server listens on no port.</summary>
    public const int Port = 5432;

    public IEnumerable<string> Arguments(string socketFolder)
    {
        string[] settings =
        [
            "listen_addresses=",
            $"unix_socket_directories={socketFolder}",
            "unix_socket_permissions=0700",
            $"port={Port}",
            "max_connections=60",
            "password_encryption=scram-sha-256",
            $"shared_buffers={SharedBuffersMegabytes}MB",
            "work_mem=32MB",
            "maintenance_work_mem=256MB",
            "effective_cache_size=1GB",
            "random_page_cost=1.1",
            // Bulk load: fewer checkpoints, and no WAL for tables filled in the transaction that made them. Crash safety stays whole;
            // what goes is replication, which a private cluster has none of.
            "wal_level=minimal",
            "max_wal_senders=0",
            "max_wal_size=2GB",
            "checkpoint_timeout=15min",
            // Short statements gain nothing from it, and unpacked binaries then need no LLVM.
            "jit=off",
            // No value of a row may reach the log: no statements, no parameters, no DETAIL or CONTEXT of an error.
            "log_statement=none",
            "log_min_duration_statement=-1",
            "log_min_error_statement=panic",
            "log_error_verbosity=terse",
            "log_parameter_max_length=0",
            "log_parameter_max_length_on_error=0",
            "log_line_prefix=%m [%p] ",
            "log_timezone=UTC",
            "timezone=UTC",
            .. IsDurable ? (string[])["fsync=on", "full_page_writes=on"] : ["fsync=off", "full_page_writes=off"],
        ];
        return settings.SelectMany(setting => (string[])["-c", setting]);
    }
}
