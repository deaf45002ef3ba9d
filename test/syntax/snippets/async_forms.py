async def f(x):
    await g()
    y = await x.z(1) + 2
    async with a as b, c: pass
    async for i in x: pass
    else: pass
    r = [i async for i in x]
    s = {k: await v for k, v in x}
    t = (i async for i in x if await i)
    u = [await i for i in x]
    return await y
async def g():
    yield 1
