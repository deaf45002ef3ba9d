x: int = 3
y: 'Tensor'
self.z: Dict[str, int] = {}
(w): int = 1
a[0]: float
t: tuple[int, ...] = 1, 2
