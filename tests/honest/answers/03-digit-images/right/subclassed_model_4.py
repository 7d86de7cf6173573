# case: subclassed_model
# style: a subclassed keras.Model (PyTorch habit: layers in __init__, forward pass in call), built with one dummy image

# %% build_model
class DigitNet(keras.Model):
    def __init__(self, n_classes):
        super().__init__()
        self.flatten = keras.layers.Flatten()
        self.fc1 = keras.layers.Dense(128, activation="relu")
        self.fc2 = keras.layers.Dense(n_classes, activation="softmax")

    def call(self, x):
        x = self.flatten(x)
        x = self.fc1(x)
        return self.fc2(x)


def build_model(image_shape, n_classes):
    model = DigitNet(n_classes)
    model(np.zeros((1, *image_shape), dtype="float32"))  # creates the weights
    return model

# %% compile_model
def compile_model(model):
    criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=False)
    optimizer = keras.optimizers.Adam(learning_rate=0.01)
    model.compile(optimizer=optimizer, loss=criterion, metrics=["accuracy"])
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    n_epochs = 100
    batch_size = 64
    stopper = keras.callbacks.EarlyStopping("val_loss", patience=8, restore_best_weights=True)
    return model.fit(
        x, y, batch_size=batch_size, epochs=n_epochs, validation_data=(x_val, y_val),
        callbacks=[stopper], verbose=0,
    )

# %% best_epoch
def best_epoch(history):
    val_losses = np.array(history.history["val_loss"])
    return val_losses.argmin().item() + 1

# %% confusion_matrix
def confusion_matrix(model, x, y):
    probs = model.predict(x, verbose=0)
    n_classes = probs.shape[-1]
    preds = probs.argmax(-1)
    cm = np.zeros((n_classes, n_classes), dtype=np.int64)
    for i in range(len(y)):
        cm[y[i]][preds[i]] += 1
    return cm
