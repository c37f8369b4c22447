using System.Collections.Frozen;
using Dais.Protocol;

namespace Dais.Server.Signaling;

/// <summary>Every method a client can call, by name. Built once.</summary>
public sealed class MethodTable
{
    private delegate ValueTask Handler(ClientConnection from, JsonRpcCall call);

    private readonly FrozenDictionary<string, Handler> _handlers;

    private MethodTable(Dictionary<string, Handler> handlers) => _handlers = handlers.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The table of this server.</summary>
    public static MethodTable Default { get; } = Build();

    /// <summary>The names in the table.</summary>
    public IEnumerable<string> Names => _handlers.Keys;

    /// <summary>Calls the handler of <paramref name="call"/>'s method, or refuses the call.</summary>
    public ValueTask DispatchAsync(ClientConnection from, JsonRpcCall call)
    {
        if (_handlers.TryGetValue(call.Method, out var handler))
        {
            return handler(from, call);
        }

        from.Refuse(call.Id, ErrorCodes.MethodNotFound);
        return ValueTask.CompletedTask;
    }

    private static MethodTable Build()
    {
        var builder = new Builder();
        SessionMethods.AddTo(builder);
        RoomMethods.AddTo(builder);
        SeatMethods.AddTo(builder);
        CoHostMethods.AddTo(builder);
        AudienceMethods.AddTo(builder);
        MessageMethods.AddTo(builder);
        PresenceMethods.AddTo(builder);
        MediaMethods.AddTo(builder);
        return builder.Build();
    }

    /// <summary>Collects the methods of a table.</summary>
    public sealed class Builder
    {
        private readonly Dictionary<string, Handler> _handlers = [];

        /// <summary>
        /// Lets <paramref name="handle"/> answer the calls of <paramref name="method"/>; parameters that are wrong
        /// never reach it.
        /// </summary>
        public void Add<TParams, TResult>(Method<TParams, TResult> method, Func<ClientCall<TParams, TResult>, ValueTask> handle)
            where TParams : class, IParams
            where TResult : class =>
            _handlers.Add(method.Name, (from, call) =>
            {
                if (!ParamsReader.TryRead(call.Params, method.Params, out var parameters, out string? field))
                {
                    from.Refuse(call.Id, new CallRefusal(ErrorCodes.InvalidParams, field));
                    return ValueTask.CompletedTask;
                }

                return handle(new ClientCall<TParams, TResult>(from, call.Id, method, parameters!));
            });

        /// <summary>The table.</summary>
        internal MethodTable Build() => new(_handlers);
    }
}
