using Dais.Protocol;
using Dais.Server.Signaling;

namespace Dais.Server.Tests.Signaling;

public sealed class MethodTableTests
{
    [Fact]
    public void Every_method_of_the_contract_is_answered_and_no_other() =>
        Assert.Equal(Methods.All.Select(method => method.Name).Order(), MethodTable.Default.Names.Order());
}
