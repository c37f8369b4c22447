using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dais.Protocol;

namespace Dais.Client.Connecting;

/// <summary>The calls over one link: each gets its answer, or the error that ended the link.</summary>
/// <param name="link">The link.</param>
/// <param name="callTimeout">How long an answer may take.</param>
/// <param name="time">The clock.</param>
internal sealed class RpcChannel(SocketLink link, TimeSpan callTimeout, TimeProvider time)
{
    private readonly ConcurrentDictionary<long, PendingCall> _calls = new();
    private long _lastId;
    private volatile DaisException? _failure;

    /// <summary>Calls a method.</summary>
    /// <param name="method">The method.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="apply">Given the result before the next message of the server is looked at.</param>
    /// <param name="cancellation">Gives up waiting; the call may take effect all the same.</param>
    /// <exception cref="DaisException">The server refused, or no answer came.</exception>
    public async Task<TResult> CallAsync<TParams, TResult>(
        Method<TParams, TResult> method, TParams parameters, Action<TResult>? apply, CancellationToken cancellation)
        where TParams : class, IParams
        where TResult : class
    {
        long id = Interlocked.Increment(ref _lastId);
        var call = new PendingCall<TResult>(method.Name, method.Result, apply);
        _calls[id] = call;
        try
        {
            if (_failure is { } failure)
            {
                throw failure;
            }

            var message = new ArrayBufferWriter<byte>(256);
            ClientJson.WriteCall(message, id, method, parameters);
            await link.SendAsync(message.WrittenMemory, cancellation).ConfigureAwait(false);
            return await call.Answer.WaitAsync(callTimeout, time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw DaisException.NoAnswer(method.Name);
        }
        finally
        {
            _calls.TryRemove(id, out _);
        }
    }

    /// <summary>Takes the result of a call.</summary>
    public void Handle(ServerMessage.Result result)
    {
        if (_calls.TryRemove(result.Id, out var call))
        {
            call.Resolve(result.Value);
        }
    }

    /// <summary>Takes the refusal of a call.</summary>
    public void Handle(ServerMessage.Refusal refusal)
    {
        if (refusal.Id is { } id && _calls.TryRemove(id, out var call))
        {
            call.Fail(new DaisException(refusal.Error));
        }
    }

    /// <summary>Ends every call: their answers cannot come any more.</summary>
    public void FailAll(DaisException failure)
    {
        _failure = failure;
        foreach (var call in _calls.Values)
        {
            call.Fail(failure);
        }
    }

    private abstract class PendingCall
    {
        public abstract void Resolve(JsonElement result);

        public abstract void Fail(DaisException failure);
    }

    private sealed class PendingCall<TResult>(string method, JsonTypeInfo<TResult> type, Action<TResult>? apply) : PendingCall
        where TResult : class
    {
        private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<TResult> Answer => _answer.Task;

        public override void Resolve(JsonElement result)
        {
            if (!ClientJson.TryRead(result, type, out var value))
            {
                Fail(DaisException.Unusable($"The answer to {method} has a form this client does not know."));
                return;
            }

            try
            {
                apply?.Invoke(value!);
            }
            finally
            {
                _answer.TrySetResult(value!);
            }
        }

        public override void Fail(DaisException failure) => _answer.TrySetException(failure);
    }
}
