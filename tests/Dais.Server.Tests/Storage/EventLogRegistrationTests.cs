using Dais.Server.Storage;
using Dais.Server.Storage.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dais.Server.Tests.Storage;

public sealed class EventLogRegistrationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Durability.Fsync, typeof(JournalLog))]
    [InlineData(Durability.Os, typeof(JournalLog))]
    [InlineData(Durability.Memory, typeof(MemoryLog))]
    public async Task The_durability_says_which_log(Durability durability, Type expected)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(TimeProvider.System).AddLogging().AddEventLog(_folder.Path, durability);
        using var host = builder.Build();

        await using var log = host.Services.GetRequiredService<IEventLog>();

        Assert.IsType(expected, log);
        Assert.Equal(expected == typeof(JournalLog), Directory.Exists(Path.Combine(_folder.Path, "journal")));
    }
}
