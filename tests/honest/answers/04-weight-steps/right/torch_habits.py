# case: torch_habits
# style: comes from PyTorch: a small optimizer class with step(), criterion, params, an epoch loop

# %% gradient_step
class ManualSGD:
    """Like torch.optim.SGD, without momentum."""

    def __init__(self, params, lr):
        self.params = list(params)
        self.lr = lr

    def step(self, grads):
        for p, g in zip(self.params, grads, strict=True):
            if g is None:
                continue
            p.assign_sub(self.lr * g)


def gradient_step(model, loss_fn, x, y, learning_rate):
    criterion, inputs, targets = loss_fn, x, y
    optimizer = ManualSGD(model.trainable_weights, lr=learning_rate)
    with tf.GradientTape() as tape:  # forward
        outputs = model(inputs)
        loss = criterion(targets, outputs)
    grads = tape.gradient(loss, optimizer.params)  # loss.backward()
    optimizer.step(grads)
    return loss.numpy().item()  # loss.item()

# %% weight_trajectory
def weight_trajectory(model, x, y, epochs):
    def state():  # like copy.deepcopy(model.state_dict())
        return [p.numpy().copy() for p in model.weights]

    states = [state()]
    for epoch in range(epochs):
        model.fit(x, y, batch_size=32, epochs=1, shuffle=True, verbose=0)
        states.append(state())
    return states

# %% train_with
def train_with(optimizer_name, model, x, y, epochs):
    optim = keras.optimizers
    if optimizer_name == "sgd":
        optimizer = optim.SGD(0.1)
    elif optimizer_name == "momentum":
        optimizer = optim.SGD(0.02, momentum=0.9)
    elif optimizer_name == "adam":
        optimizer = optim.Adam(1e-2, beta_1=0.9, beta_2=0.999, epsilon=1e-8)
    else:
        raise ValueError(f"unknown optimizer: {optimizer_name}")
    criterion = keras.losses.MeanSquaredError()
    model.compile(optimizer=optimizer, loss=criterion)
    return model.fit(x, y, batch_size=64, shuffle=True, epochs=epochs, verbose=0)

# %% freeze_first_layer
def freeze_first_layer(model):
    children = iter(model.layers)
    first = next(children)
    first.trainable = False  # requires_grad_(False)
    return model
