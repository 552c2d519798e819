using System.Data.Common;
using System.Runtime.InteropServices;

namespace MucComponent.Storage;

/// <summary>One SQL statement and the values for its parameters.</summary>
internal sealed record Statement(string Sql, params (string Name, object? Value)[] Values);

/// <summary>
/// One database connection in use: in one trip where the driver can send several statements at once, and with statements
/// prepared once where it cannot. Transactions begin and end in SQL: SQLite's driver cannot be closed any more after a
/// commit of its own transaction object has failed, for instance on a full disk.
/// </summary>
internal sealed class SqlSession(DbConnection connection) : IAsyncDisposable
{
    private readonly Dictionary<string, DbCommand> _commands = new(new ByEnds());

    /// <summary>False once the connection broke.</summary>
    public bool IsOpen => connection.State == System.Data.ConnectionState.Open;

    public async Task ExecuteAsync(IReadOnlyList<Statement> statements)
    {
        if (statements.Count == 0) return;
        if (!connection.CanCreateBatch)
        {
            foreach (var statement in statements) await Command(statement).ExecuteNonQueryAsync();
            return;
        }
        await using var batch = connection.CreateBatch();
        foreach (var (sql, values) in statements)
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = sql;
            Set(command.Parameters, values, command, static c => c.CreateParameter());
            batch.BatchCommands.Add(command);
        }
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>Runs a statement, or several in one text, whose results are read one after another.</summary>
    public Task<DbDataReader> ReadAsync(Statement statement, CancellationToken stop = default) =>
        Command(statement).ExecuteReaderAsync(stop);

    /// <summary>Closes the connection; a transaction that was not committed is undone.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var command in _commands.Values) await command.DisposeAsync();
        await connection.DisposeAsync();
    }

    private DbCommand Command(Statement statement)
    {
        ref var command = ref CollectionsMarshal.GetValueRefOrAddDefault(_commands, statement.Sql, out _);
        if (command is null)
        {
            command = connection.CreateCommand();
            command.CommandText = statement.Sql;
        }
        Set(command.Parameters, statement.Values, command, static c => c.CreateParameter());
        return command;
    }

    private static void Set<T>(DbParameterCollection parameters, (string Name, object? Value)[] values, T command, Func<T, DbParameter> create)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var (name, value) = values[i];
            // The same statement comes with its values in the same order.
            var index = i < parameters.Count && parameters[i].ParameterName == name ? i : parameters.IndexOf(name);
            if (index < 0)
            {
                var parameter = create(command);
                parameter.ParameterName = name;
                index = parameters.Add(parameter);
            }
            parameters[index].Value = value ?? DBNull.Value;
        }
    }

    /// <summary>Our statements are long and few: their lengths and ends tell them apart nearly always.</summary>
    private sealed class ByEnds : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(string sql) => (sql.Length << 16) ^ (sql[sql.Length / 2] << 8) ^ sql[^1];
    }
}
